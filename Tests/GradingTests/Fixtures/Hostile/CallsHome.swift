// default: forbidden construct, rule=import
// unchecked: crashed
// says: the network
import ExerciseKit
import Glibc

func attack() {
  let end = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(7).bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  withUnsafePointer(to: &address) { place in
    place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      _ = connect(end, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}

public struct Box: ~Copyable {
  public let content = Cell<Int>(0)
  public let isDone = Word<UInt32>(0)
  public init() {}
}

public func finish(_ box: Object<Box>) {
  attack()
  box.record.content.value = 1
  box.record.isDone.store(1, .release)
}

public func awaitAndFree(_ box: Object<Box>, in lab: Lab) {
  lab.spin(until: box.record.isDone.equals(1, .acquire))
  lab.free(box)
}
