import Exploring
import Foundation
import Grading
import Testing

/// What the load finds wrong with a design; the others end in order.
private let flaws = [
  "external-uncounted": "takes a lock of an object that has ended",
  "naked-pointer": "uses an object after its end",
  "null-test": "a held inline lock was taken for a pointer to a lock",
]

private func request(_ policy: String, frames: Int = 30) -> DesktopRequest {
  var request = DesktopRequest()
  request.frames = frames
  request.policy = policy
  return request
}

@Suite struct PolicyTests {
  @Test(arguments: DesktopSession.policyNames)
  func `the load runs under each design and shows what is wrong with it`(name: String) throws {
    let sheet = try DesktopSession(request(name)).run()
    let text = sheet.text(.text)
    #expect(sheet.isInOrder == (flaws[name] == nil), "\(text)")
    if let flaw = flaws[name] {
      #expect(text.replacing("\n  ", with: " ").contains(flaw), "\(text)")
    }
    // Also where the driver was wrong, nobody waits for ever.
    let fences = try #require(text.firstMatch(of: /(\d+) of (\d+) published fences signaled/))
    #expect(fences.1 == fences.2, "\(text)")
  }

  @Test func `designs of different debates go together`() throws {
    let sheet = try DesktopSession(request("under-the-lock,external-counted,module-pinned")).run()
    #expect(sheet.isInOrder, "\(sheet.text(.text))")
  }

  @Test func `two designs of one debate do not`() {
    #expect(throws: GradingError.self) {
      try DesktopSession(request("under-the-lock,lockless-then-lock"))
    }
  }

  @Test(arguments: ["inline-beside", "lock-around-both", "flag-load"])
  func `a design that is no policy is refused with the reason`(name: String) {
    let error = #expect(throws: GradingError.self) { try DesktopSession(request(name)) }
    #expect(error?.problem.contains("no policy") == true, "\(String(describing: error))")
    #expect(error?.repair.contains("fencelab compare") == true)
  }

  @Test func `names and numbers that nothing has are refused`() {
    #expect(throws: GradingError.self) { try DesktopSession(request("no-such-design")) }
    #expect(throws: GradingError.self) { try DesktopSession(request("upstream", frames: 0)) }
  }
}

@Suite struct SheetTests {
  @Test func `the sheet is at most 100 columns wide and the same every time`() throws {
    let session = try DesktopSession(request("upstream"))
    let text = session.run().text(.text)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(text == session.run().text(.text))
  }

  @Test func `the numbers for programs are those for people`() throws {
    let sheet = try DesktopSession(request("upstream")).run()
    let json = try JSONSerialization.jsonObject(with: Data(sheet.text(.json).utf8))
    let root = try #require(json as? [String: Any])
    #expect(root["version"] as? Int == 1)
    #expect((root["problems"] as? [String])?.isEmpty == true)
    let clients = try #require(root["clients"] as? [[String: Any]])
    #expect(clients.count == 5)
    let hang = try #require(root["hang"] as? [String: Any])
    let frame = try #require(hang["frame"] as? Int)
    #expect(sheet.text(.text).contains("frame \(frame), begun at"))
  }

  @Test func `progress is heard`() throws {
    let heard = Heard()
    _ = try DesktopSession(request("upstream")).run { heard.lines.append($0) }
    #expect(heard.lines == ["frame 10 of about 30", "frame 20 of about 30"])
  }

  // Safety: all threads of a simulated run are coroutines of one OS thread.
  private final class Heard: @unchecked Sendable {
    var lines: [String] = []
  }
}
