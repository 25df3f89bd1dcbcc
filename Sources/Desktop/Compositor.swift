import Fences
import Kernel
import Machine
import Reservations
import Scheduler
import SyncObjects

/// Puts the newest frame of everybody on the screen, sixty times a second.
///
/// It is where the two ways to synchronise meet: game A's frame is ready at a point of a timeline,
/// game B's and the video's are ready when their buffers' reservations say so, and the screen is
/// told with a sync file.
struct Compositor {
  private let world: World
  private let entity: Entity
  private let screen: [Buffer]
  /// The frame of game A that is being read, and the job that reads it, with a reference.
  private var shown = (frame: 0, reader: Fence?.none)
  private var refreshCount: UInt32 = 0

  init(world: World) {
    self.world = world
    entity = world.render.makeEntity(.high)
    screen = (0..<3).map { _ in world.makeBuffer() }
  }

  /// Runs until the clients are done.
  mutating func run() {
    var number = 0
    refreshCount = world.display.refreshCount
    while !world.areClientsDone {
      number += 1
      do throws(Errno) {
        try show(number)
      } catch {
        Machine.expect(false, "cannot show frame \(number): \(error)")
        break
      }
    }
    shown.reader?.put()
    for surface in [world.explicitGame, world.implicitGame, world.video] { surface.putBuffers() }
    for buffer in screen { buffer.put() }
    entity.destroy()
  }

  /// One frame, until it is on the screen.
  private mutating func show(_ number: Int) throws(Errno) {
    let begin = Machine.clock()
    let target = screen[number % screen.count]
    let drawn = try compose(number, onto: target)
    let picture = world.log.draw(.compositor, number, from: begin, cpu: CPU.compositor)
    world.log.noteFence()
    // The screen waits for the file that it is given.
    let file = try target.exportSyncFile(for: .read)
    file.fence.wait()
    file.put()
    if drawn.testSignaledFlag() { world.log.noteSignal() }
    let flip = world.display.flip()
    world.log.noteFence()
    flip.wait()
    if flip.testSignaledFlag() { world.log.noteSignal() }
    let now = world.display.refreshCount
    let end = flip.timestamp()
    world.log.close(picture, at: end)
    world.log.add(
      .compositor, number, from: begin, to: end, drawn.error, isLate: now &- refreshCount > 1)
    refreshCount = now
    flip.put()
    drawn.put()
    breakSomething(number, target, drawn)
  }

  /// Submits the job that draws everybody's newest frame.
  ///
  /// - Returns: Its finished fence, with a reference for the caller.
  private mutating func compose(_ number: Int, onto target: Buffer) throws(Errno) -> Fence {
    var work = Graphics.Work(writes: [target])
    for surface in [world.implicitGame, world.video] where surface.newest > 0 {
      work.reads.append(surface.buffer(of: surface.newest))
    }
    let frame = world.explicitGame.newest
    if frame > 0 {
      work.keeps = [world.explicitGame.buffer(of: frame)]
      work.after = [try world.timelines.acquire.findFence(at: UInt64(frame))]
    }
    defer { for fence in work.after { fence.put() } }
    let fence = try world.render.submit(
      nanoseconds: world.workload.nanoseconds(.composing, .compositor, frame: number), to: entity,
      work)
    note(frame, readBy: fence)
    return fence
  }

  /// Tells game A which frames are free: all before the one that is read from now on, as soon as
  /// the last job that read one of them is over.
  private mutating func note(_ frame: Int, readBy reader: Fence) {
    guard frame > 0 else { return }
    if frame > shown.frame, frame > 1 {
      let last = shown.reader?.get() ?? Fence.stub()
      SurfaceTimelines.add(frame - 1, last, to: world.timelines.release)
      last.put()
    }
    shown.reader?.put()
    shown = (frame, reader.get())
  }

  /// What a test wants broken, in the tenth frame.
  private func breakSomething(_ number: Int, _ target: Buffer, _ drawn: Fence) {
    guard number == 10 else { return }
    switch world.options.mistake {
    case .leaksABuffer: target.get()
    case .leaksAFence: shown.reader?.get()
    case .takesLocksBothWaysRound: Self.takeLocksBothWaysRound()
    case .none, .dropsASignal, .forgetsTheTimeout: break
    }
  }

  private static func takeLocksBothWaysRound() {
    let locks = [Machine.allocate(SpinLock()), Machine.allocate(SpinLock())]
    locks[0].record.initialise(class: "window list")
    locks[1].record.initialise(class: "damage")
    for order in [locks, locks.reversed()] {
      for lock in order { lock.record.lock() }
      for lock in order.reversed() { lock.record.unlock() }
    }
    for lock in locks { Machine.free(lock) }
  }
}
