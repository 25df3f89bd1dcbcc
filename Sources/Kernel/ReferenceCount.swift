public import Machine

/// How many owners an object has: the kernel's `struct kref`, four bytes.
///
/// The last owner to leave frees the object. Taking a reference orders nothing, because whoever
/// takes one got the object by a way that orders; giving one back orders everything this owner did
/// before what the last one does. A count that was wrong once saturates: better a leak than a use
/// after free.
@frozen public struct ReferenceCount: ~Copyable {
  // 1 ... Int32.max owners; 0 over; negative as Int32: saturated after a mistake.
  @usableFromInline let word: Word<UInt32>

  /// The value of a count that was wrong once (`REFCOUNT_SATURATED`).
  static var saturated: UInt32 { 0xc000_0000 }

  /// The count of an object with so many owners, which nobody else can see yet.
  @inlinable public init(_ owners: UInt32) { word = Word(owners) }

  /// Starts the count at one owner, in memory that nobody else can see yet (`kref_init`).
  @inlinable public func initialise() {
    // relaxed: nobody else can see the object yet.
    word.store(1, .relaxed)
  }

  /// Where the count lives.
  @inlinable public var address: UInt { word.address }

  /// The number of owners at some moment; only tests and reports may care.
  @inlinable public var current: UInt32 {
    // relaxed: stale at once, whatever the ordering.
    word.load(.relaxed)
  }

  /// Adds an owner (`kref_get`).
  ///
  /// - Precondition: The caller owns the object already. Otherwise it warns and saturates.
  /// - Ordering: None.
  @inlinable @inline(__always)
  public func get() {
    // relaxed: the caller is an owner, so the object is already visible to it.
    let before = word.fetchAdd(1, .relaxed)
    if Int32(bitPattern: before) <= 0 { Self.complainAboutGet(word.address) }
  }

  /// Adds an owner unless there is none left (`kref_get_unless_zero`).
  ///
  /// - Returns: Whether the caller is an owner now.
  /// - Ordering: Full where it succeeds: a check that follows sees the object as it is owned.
  @inlinable
  public func getUnlessZero() -> Bool {
    // relaxed: a guess, which the exchange below confirms.
    var seen = word.load(.relaxed)
    while seen != 0 {
      // full[rcu.publish] ← release in RCU.assign(_:to:). Whoever reads the published pointer again
      // reads it after the count went up, so an unchanged pointer leads to what is now its own.
      let found = word.compareExchange(seen, with: seen &+ 1, .full, edge: "rcu.publish")
      if found == seen {
        if Int32(bitPattern: found) < 0 { Self.complainAboutGet(word.address) }
        return true
      }
      seen = found
    }
    return false
  }

  /// Takes one owner away (`kref_put`).
  ///
  /// - Returns: true for the last owner, who must now free the object.
  /// - Ordering: Release; the last one also acquires. Edge `reference.last`.
  @inlinable @inline(__always)
  public func put() -> Bool {
    // release[reference.last] → acquire in ReferenceCount.put(). This owner's work comes
    // before the end of the object.
    let before = word.fetchSubtract(1, .release, edge: "reference.last")
    if before == 1 {
      // acquire[reference.last] ← release in ReferenceCount.put(). The last owner sees what the
      // others did: the branch orders its stores, and the barrier its loads.
      Machine.barrier(.afterControl, edge: "reference.last")
      return true
    }
    if Int32(bitPattern: before) <= 0 { Self.complainAboutPut(word.address) }
    return false
  }

  @usableFromInline @inline(never)
  static func complainAboutGet(_ address: UInt) {
    saturate(address, "a reference was taken to an object without owners")
  }

  @usableFromInline @inline(never)
  static func complainAboutPut(_ address: UInt) {
    saturate(address, "a reference was given back that nobody had")
  }

  private static func saturate(_ address: UInt, _ message: String) {
    // relaxed: the count means nothing any more.
    Object<Word<UInt32>>(machineAddress: address).record.store(saturated, .relaxed)
    Kernel.warn("\(message); the object leaks from here on")
  }
}
