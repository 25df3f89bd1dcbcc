import Kernel
import Machine
import Testing

/// A record on a list.
private struct Entry: ~Copyable {
  let number: UInt32
  let node = ListNode()

  init(_ number: UInt32) { self.number = number }

  static let node = FieldOffset<Entry, ListNode> { $0.node.address }
}

@Suite struct ListTests {
  private let head = Machine.permanent(ListHead())
  private let entries = (1...3).map { Machine.permanent(Entry(UInt32($0))) }

  init() {
    head.record.initialise()
    for entry in entries { entry.record.node.initialise() }
  }

  private func numbers(_ list: Object<ListHead>) -> [UInt32] {
    var found: [UInt32] = []
    var next = list.record.first
    while let node = next {
      found.append(Entry.node.record(around: node).record.number)
      next = list.record.next(after: node)
    }
    return found
  }

  @Test func `a list keeps the order of appending, and prepending comes first`() {
    let isEmpty = head.record.isEmpty
    #expect(isEmpty)
    head.record.append(entries[0].record.node)
    head.record.append(entries[1].record.node)
    head.record.prepend(entries[2].record.node)
    #expect(numbers(head) == [3, 1, 2])
  }

  @Test func `a removed node stands alone and can be removed again`() {
    for entry in entries { head.record.append(entry.record.node) }
    entries[1].record.node.remove()
    entries[1].record.node.remove()
    let isAlone = entries[1].record.node.isAlone
    #expect(isAlone)
    #expect(numbers(head) == [1, 3])
  }

  @Test func `taking all leaves the other list empty`() {
    let other = Machine.permanent(ListHead())
    for entry in entries { head.record.append(entry.record.node) }
    other.record.takeAll(from: head.record)
    #expect(numbers(other) == [1, 2, 3])
    #expect(numbers(head) == [])
    other.record.takeAll(from: head.record)
    #expect(numbers(other) == [])
  }

  @Test func `a field offset leads from the field to its record and back`() {
    let node = Entry.node.field(of: entries[0])
    #expect(node.machineAddress == entries[0].record.node.address)
    #expect(Entry.node.record(around: node) == entries[0])
  }
}
