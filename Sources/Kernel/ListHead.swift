public import Machine

/// A place in a doubly linked list, embedded in a record: the kernel's `struct list_head`.
///
/// A node on no list points to itself. Nodes are plain cells, so the lists need a lock.
@frozen public struct ListNode: ~Copyable {
  // Guarded by the lock of whichever list the node is on.
  @usableFromInline let next: Cell<UInt>
  @usableFromInline let previous: Cell<UInt>

  /// A node that must be initialised in place, because its empty state is its own address.
  @inlinable public init() {
    next = Cell(0)
    previous = Cell(0)
  }

  /// Where the node lives.
  @inlinable @inline(__always) public var address: UInt { next.address }

  /// Makes the node stand alone (`INIT_LIST_HEAD`).
  @inlinable @inline(__always)
  public func initialise() {
    next.value = address
    previous.value = address
  }

  /// Whether the node is on no list.
  ///
  /// Answers nothing about a node that was never initialised.
  @inlinable public var isAlone: Bool { next.value == address }

  /// Takes the node out of its list and makes it stand alone (`list_del_init`).
  @inlinable @inline(__always)
  public func remove() {
    let after = next.value
    let before = previous.value
    Self.at(after).record.previous.value = before
    Self.at(before).record.next.value = after
    initialise()
  }

  @inlinable @inline(__always)
  static func at(_ address: UInt) -> Object<ListNode> { Object(machineAddress: address) }

  /// Puts the node between two neighbours.
  @inlinable @inline(__always)
  func link(after before: UInt, before after: UInt) {
    Self.at(after).record.previous.value = address
    next.value = after
    previous.value = before
    Self.at(before).record.next.value = address
  }
}

/// The two ends of a list of nodes, itself a node that belongs to no record.
@frozen public struct ListHead: ~Copyable {
  @usableFromInline let ends: ListNode

  /// A list that must be initialised in place.
  @inlinable public init() { ends = ListNode() }

  /// Where the list lives.
  @inlinable public var address: UInt { ends.address }

  /// Makes the list empty.
  @inlinable @inline(__always) public func initialise() { ends.initialise() }

  /// Whether no node is on the list.
  @inlinable public var isEmpty: Bool { ends.isAlone }

  /// The first node, or nil.
  @inlinable @inline(__always)
  public var first: Object<ListNode>? {
    let first = ends.next.value
    return first == address ? nil : ListNode.at(first)
  }

  /// The node after `node`, or nil at the end.
  @inlinable public func next(after node: Object<ListNode>) -> Object<ListNode>? {
    let next = node.record.next.value
    return next == address ? nil : ListNode.at(next)
  }

  /// The last node, or nil.
  @inlinable public var last: Object<ListNode>? { node(before: address) }

  /// The node before `node`, or nil at the beginning.
  @inlinable public func previous(before node: Object<ListNode>) -> Object<ListNode>? {
    self.node(before: node.machineAddress)
  }

  @inlinable func node(before place: UInt) -> Object<ListNode>? {
    let previous = ListNode.at(place).record.previous.value
    return previous == address ? nil : ListNode.at(previous)
  }

  /// Adds a node behind one that is on the list.
  @inlinable public func insert(_ node: borrowing ListNode, after other: Object<ListNode>) {
    node.link(after: other.machineAddress, before: other.record.next.value)
  }

  /// Adds a node at the end (`list_add_tail`).
  @inlinable @inline(__always)
  public func append(_ node: borrowing ListNode) {
    node.link(after: ends.previous.value, before: address)
  }

  /// Adds a node at the beginning (`list_add`).
  @inlinable public func prepend(_ node: borrowing ListNode) {
    node.link(after: address, before: ends.next.value)
  }

  /// Moves every node of `other` to this list, which must hold none, and leaves `other` empty
  /// (`list_replace_init`).
  @inlinable @inline(__always)
  public func takeAll(from other: borrowing ListHead) {
    if other.isEmpty { return initialise() }
    moveAll(from: other)
  }

  @inlinable @inline(__always)
  func moveAll(from other: borrowing ListHead) {
    let first = other.ends.next.value
    let last = other.ends.previous.value
    ends.next.value = first
    ends.previous.value = last
    ListNode.at(first).record.previous.value = address
    ListNode.at(last).record.next.value = address
    other.initialise()
  }
}
