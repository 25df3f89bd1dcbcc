import Kernel
import Machine
import Testing

@Suite struct ReferenceCountTests {
  @Test func `only the last owner is told to free`() {
    let count = Machine.permanent(ReferenceCount(1))
    count.record.get()
    let ends = [count.record.put(), count.record.put()]
    #expect(ends == [false, true])
  }

  @Test func `nobody becomes an owner after the last one`() {
    let count = Machine.permanent(ReferenceCount(1))
    let before = count.record.getUnlessZero()
    _ = count.record.put()
    _ = count.record.put()
    let after = count.record.getUnlessZero()
    #expect(before && !after)
  }

  @Test func `a count that was wrong saturates and never frees`() {
    let count = Machine.permanent(ReferenceCount(0))
    let log = WarningLog()
    let isLast = log.collect {
      count.record.get()
      return (0..<4).contains { _ in count.record.put() }
    }
    #expect(!isLast)
    #expect(log.messages.first?.hasPrefix("a reference was taken") == true)
    #expect(log.messages.count == 5)
  }

  @Test func `giving back what nobody had is warned about`() {
    let count = Machine.permanent(ReferenceCount(0))
    let log = WarningLog()
    let isLast = log.collect { count.record.put() }
    #expect(!isLast)
    #expect(log.messages.first?.hasPrefix("a reference was given back") == true)
  }
}
