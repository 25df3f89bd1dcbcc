import Foundation
import Testing

/// `fencelab run desktop`, as a maintainer would use it.
struct DesktopCommandTests {
  @Test func `a design that breaks the load ends with 1, and one that does not with 0`() throws {
    let program = try Program()
    defer { program.remove() }
    let sound = try program.run("run", "desktop", "--frames", "20")
    #expect(sound.status == 0, "\(sound)")
    #expect(sound.output.contains("published fences signaled · "), "\(sound)")
    #expect(!sound.output.contains("✗"), "\(sound)")
    let broken = try program.run(
      "run", "desktop", "--frames", "20", "--policy", "naked-pointer")
    #expect(broken.status == 1 && broken.output.contains("✗ broken rules"), "\(broken)")
  }

  @Test func `a trace and the numbers go to files and programs`() throws {
    let program = try Program()
    defer { program.remove() }
    let trace = FileManager.default.temporaryDirectory
      .appending(path: "desktop-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: trace) }
    let ending = try program.run(
      "run", "desktop", "--frames", "12", "--format", "json", "--trace", trace.path)
    #expect(ending.status == 0, "\(ending)")
    let sheet = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
    #expect((sheet as? [String: Any])?["frames"] as? Int == 12)
    let written = try JSONSerialization.jsonObject(with: Data(contentsOf: trace))
    let events = (written as? [String: Any])?["traceEvents"] as? [Any]
    #expect((events?.count ?? 0) > 1_000)
  }

  @Test func `what cannot be run says what can`() throws {
    let program = try Program()
    defer { program.remove() }
    let design = try program.run("run", "desktop", "--policy", "inline-beside")
    #expect(design.status != 0 && design.errors.contains("no policy"), "\(design)")
    let demo = try program.run("run", "06", "--seed", "3")
    #expect(demo.status != 0 && demo.errors.contains("--seed belongs to the desktop"), "\(demo)")
    let unknown = try program.run("run", "nothing")
    #expect(unknown.errors.contains("desktop"), "\(unknown)")
  }
}
