import ExerciseKit
import Reservations
import SyncObjects

public struct Box: ~Copyable {
  public let content = Cell<Int>(0)
  public let isDone = Word<UInt32>(0)
  public init() {}
}

public func finish(_ box: Object<Box>) {
  box.record.content.value = 1
  box.record.isDone.store(1, .release)
}

public func awaitAndFree(_ box: Object<Box>, in lab: Lab) {
  lab.spin(until: box.record.isDone.equals(1, .acquire))
  let buffer = Buffer.make()
  if let file = try? buffer.exportSyncFile(for: [.write]) {
    lab.expect(file.poll(), "nothing is pending on a new buffer")
    file.put()
  }
  buffer.put()
  lab.free(box)
}
