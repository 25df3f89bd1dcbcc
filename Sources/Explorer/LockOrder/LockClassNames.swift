internal import Machine

/// What a class is known by, the same in every execution and process, and how reports call it.
struct LockClassName: Codable, Sendable {
  var identity: String
  var text: String

  /// A region of code that stands in the order like a lock; its text says where one is.
  static let signaling = LockClassName(identity: "signaling", text: "in a signaling section")
  static let reclaim = LockClassName(identity: "reclaim", text: "while memory is taken back")

  /// The class that a program named.
  init(lockClass name: StaticString) {
    self.init(identity: "class \(name)", text: "a lock of class \(name)")
  }

  init(identity: String, text: String) {
    self.identity = identity
    self.text = text
  }

  var isRegion: Bool { [Self.signaling.identity, Self.reclaim.identity].contains(identity) }
}

/// Which class a lock belongs to: the one it was given, otherwise one of its own.
///
/// A lock without a given class is known by who allocated the object around it, as their
/// how-manieth, its type, and the place of the lock in it.
struct LockClassNames {
  private struct Key: Hashable {
    var base: Int
    var subclass: UInt8
  }

  /// The classes without subclass.
  private var bases: [LockClassName] = []
  private var numbers: [String: Int] = [:]
  /// The class of each lock met in this execution.
  private var current: [UInt: Int] = [:]
  private var ids: [Key: Int] = [:]
  /// By identity, with subclass.
  private var known: [String: Int] = [:]

  mutating func beginExecution() { current.removeAll(keepingCapacity: true) }

  mutating func name(_ lock: LockClass) {
    current[lock.lock] = base(LockClassName(lockClass: lock.name))
  }

  /// The number of a class, counted from 0; the next one where it is new.
  mutating func id(of name: LockClassName) -> Int {
    if let id = known[name.identity] { return id }
    let id = known.count
    known[name.identity] = id
    return id
  }

  /// The number of the lock's class and subclass, and its name if it was not met before.
  mutating func id(of step: LockStep, in arena: Arena) -> (id: Int, newName: LockClassName?) {
    let base = current[step.lock] ?? base(ownName(of: step.lock, in: arena))
    current[step.lock] = base
    let key = Key(base: base, subclass: step.subclass)
    if let id = ids[key] { return (id, nil) }
    var name = bases[base]
    if step.subclass > 0 {
      name.identity += ", subclass \(step.subclass)"
      name.text += ", subclass \(step.subclass)"
    }
    let id = id(of: name)
    ids[key] = id
    return (id, name)
  }

  private func ownName(of lock: UInt, in arena: Arena) -> LockClassName {
    let index = arena.object(at: lock)
    guard index >= 0 else {
      return LockClassName(identity: "global \(lock)", text: "a global lock")
    }
    let object = arena.objects[Int(index)]
    let owner = object.allocator == 0 ? "the setup" : "thread \(object.allocator)"
    let place = "the lock at byte \(arena.offset(of: lock)) of \(object.type)"
    let name = "\(place) (\(owner)'s object \(object.ordinal + 1))"
    return LockClassName(identity: name, text: name)
  }

  private mutating func base(_ name: LockClassName) -> Int {
    if let number = numbers[name.identity] { return number }
    bases.append(name)
    numbers[name.identity] = bases.count - 1
    return bases.count - 1
  }
}
