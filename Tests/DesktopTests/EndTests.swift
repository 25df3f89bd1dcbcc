import Desktop
import Kernel
import Simulator
import TestSupport
import Testing
import Timeline

private func options(
  frames: Int = 24, seed: UInt64 = 1, hang: Desktop.Hang = .inTheMiddle,
  mistake: Desktop.Mistake = .none
) -> Desktop.Options {
  var options = Desktop.Options()
  options.frames = frames
  options.seed = seed
  options.hang = hang
  options.mistake = mistake
  return options
}

@Suite struct EndTests {
  @Test(arguments: [1, 2, 3, 4711] as [UInt64], [1, 2, 3, 20, 40, 55])
  func `everything is signaled and freed wherever the hang comes`(seed: UInt64, job: Int) throws {
    let report = Desktop.run(options(seed: seed, hang: .job(job)))
    #expect(report.problems.isEmpty, "\(report.problems)")
    #expect(report.machine.isClean)
    let hang = try #require(report.hang)
    #expect(hang.recovered != nil)
    // No more than what the engine had besides the job that hung.
    #expect(hang.cancelled <= 2)
    #expect(hang.reset - hang.began >= 40_000_000)
  }

  @Test func `without a hang nobody has an error but the film's broken frames`() {
    let report = Desktop.run(options(frames: 60, seed: 2, hang: .none))
    #expect(report.problems.isEmpty, "\(report.problems)")
    #expect(report.hang == nil)
    for row in report.statistics where row.client != .video { #expect(row.errors == 0) }
    #expect(report.frames.contains { $0.client == .video && $0.error == .inputOutput })
  }

  @Test func `every client has all its frames`() {
    let counts = Desktop.run(options(frames: 30)).statistics.map(\.frames)
    #expect(counts.dropFirst() == [30, 30, 15, 20])
    #expect(counts[0] > 20)
  }

  @Test func `only the hang makes the compositor late`() throws {
    let calm = Desktop.run(options(frames: 30, hang: .none)).statistics[0]
    let hung = Desktop.run(options(frames: 30)).statistics[0]
    #expect(calm.late < hung.late)
    #expect(calm.latency.max < hung.latency.max)
  }

  @Test func `equal options give equal frames, and other seeds others`() {
    let first = Desktop.run(options())
    let second = Desktop.run(options())
    #expect(first.frames == second.frames)
    #expect(first.machine == second.machine)
    #expect(first.frames != Desktop.run(options(seed: 2)).frames)
  }

  @Test func `a run that is drawn ends in the same way`() {
    // An engine that is drawn reads the clock, which takes its time.
    let drawn = Desktop.run(options(), isDrawing: true)
    #expect(drawn.problems.isEmpty, "\(drawn.problems)")
    #expect(drawn.fences == Desktop.run(options()).fences)
    #expect(drawn.machine.timeline.events.count > 1_000)
    #expect(!drawn.machine.timeline.flows.isEmpty)
  }

  @Test func `the drawing of everything is a sound trace`() {
    let timeline = Desktop.run(options(), isDrawing: true).machine.timeline
    let checked = TraceFormat(timeline.perfettoTrace)
    #expect(checked.problems.isEmpty, "\(checked.problems.prefix(5))")
    #expect(checked.counts["s"] == timeline.flows.count)
    #expect(checked.counts["f"] == timeline.flows.count)
  }

  @Test func `a run of one frame ends`() {
    let report = Desktop.run(options(frames: 1))
    #expect(report.problems.isEmpty, "\(report.problems)")
  }
}

/// What the claims about the end must notice.
@Suite struct MistakeTests {
  @Test(arguments: [
    (Desktop.Mistake.dropsASignal, "never seen signaled"),
    (.dropsASignal, "stuck"),
    (.leaksABuffer, "kept their memory"),
    (.leaksAFence, "never freed"),
    (.takesLocksBothWaysRound, "lock order"),
    (.forgetsTheTimeout, "never seen signaled"),
  ])
  func `a claim notices its mistake`(mistake: Desktop.Mistake, problem: String) {
    let report = Desktop.run(options(frames: 16, mistake: mistake))
    #expect(report.problems.contains { $0.contains(problem) }, "\(report.problems)")
    #expect(!report.machine.isClean)
    // The next run of the process has nothing of it.
    #expect(Desktop.run(options(frames: 6)).problems.isEmpty)
  }
}
