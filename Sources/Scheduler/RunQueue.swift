internal import Kernel
internal import Machine

/// The entities that could run, one list for each priority, in the order of their keys.
///
/// All of it is guarded by the scheduler's lock.
struct RunQueue: ~Copyable {
  // First, so that its address is the record's.
  private let kernel = ListHead()
  private let high = ListHead()
  private let normal = ListHead()
  private let low = ListHead()
  /// Turns given so far, for round robin.
  private let turns = Cell<UInt64>(0)
  /// The key of whoever went last, for the fair policy: nobody saves up time by being idle.
  private let fairFloor = Cell<UInt64>(0)

  var address: UInt { kernel.address }

  borrowing func initialise() {
    for index in 0..<4 { list(index).record.initialise() }
  }

  /// Lets an entity wait for its turn.
  ///
  /// - Complexity: O(entities that could run and have a higher key).
  borrowing func insert(_ entity: Entity, policy: SchedulingPolicy, submitted: UInt64) {
    let record = entity.storage
    record.record.key.value = key(of: entity, policy, submitted)
    let list = list(policy.queueIndex(of: record.record.priority.value))
    var place = list.record.last
    while let node = place, Entity.around(node).key > entity.key {
      place = list.record.previous(before: node)
    }
    if let place {
      list.record.insert(record.record.turn, after: place)
    } else {
      list.record.prepend(record.record.turn)
    }
  }

  /// Whose turn it is.
  var first: Entity? {
    for index in 0..<4 {
      if let node = list(index).record.first { return Entity.around(node) }
    }
    return nil
  }

  /// Takes the entity whose turn it is off its list.
  borrowing func take(_ entity: Entity) {
    fairFloor.value = entity.key
    entity.storage.record.turn.remove()
  }

  private borrowing func key(
    of entity: Entity, _ policy: SchedulingPolicy, _ submitted: UInt64
  ) -> UInt64 {
    switch policy {
    case .fifo: return submitted
    case .roundRobin:
      turns.value &+= 1
      return turns.value
    case .fair:
      let used = max(entity.storage.record.fairTime.value, fairFloor.value)
      entity.storage.record.fairTime.value = used
      return used
    }
  }

  private borrowing func list(_ index: Int) -> Object<ListHead> {
    let address =
      switch index {
      case 0: kernel.address
      case 1: high.address
      case 2: normal.address
      default: low.address
      }
    return Object(machineAddress: address)
  }
}
