/// Something that happens at a fixed virtual time.
final class Alarm {
  enum Action {
    case timeout(VirtualThread)
    case gracePeriodEnds(GracePeriod)
  }

  let time: UInt64
  let action: Action
  /// How many alarms were set before it; of two at one time the earlier one goes first.
  fileprivate let number: UInt64
  /// Where it is in the queue.
  fileprivate var place = 0

  fileprivate init(time: UInt64, action: Action, number: UInt64) {
    self.time = time
    self.action = action
    self.number = number
  }

  fileprivate func isBefore(_ other: Alarm) -> Bool {
    (time, number) < (other.time, other.number)
  }
}

/// The alarms that are set: a heap, the earliest first.
struct AlarmQueue {
  private var heap: [Alarm] = []
  private var setCount: UInt64 = 0

  /// What happens next.
  var first: Alarm? { heap.first }

  /// Sets an alarm.
  ///
  /// - Complexity: O(log alarms), as for ``remove(_:)``.
  @discardableResult mutating func set(at time: UInt64, _ action: Alarm.Action) -> Alarm {
    let alarm = Alarm(time: time, action: action, number: setCount)
    setCount += 1
    heap.append(alarm)
    rise(alarm, from: heap.count - 1)
    return alarm
  }

  /// Takes out an alarm that is set.
  mutating func remove(_ alarm: Alarm) {
    let place = alarm.place
    precondition(heap.indices.contains(place) && heap[place] === alarm, "no such alarm is set")
    let last = heap.removeLast()
    if last === alarm { return }
    heap[place] = last
    last.place = place
    sink(last, from: place)
    rise(last, from: last.place)
  }

  private mutating func rise(_ alarm: Alarm, from start: Int) {
    var place = start
    while place > 0, alarm.isBefore(heap[(place - 1) / 2]) {
      put(heap[(place - 1) / 2], at: place)
      place = (place - 1) / 2
    }
    put(alarm, at: place)
  }

  private mutating func sink(_ alarm: Alarm, from start: Int) {
    var place = start
    while 2 * place + 1 < heap.count {
      var child = 2 * place + 1
      if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
      guard heap[child].isBefore(alarm) else { break }
      put(heap[child], at: place)
      place = child
    }
    put(alarm, at: place)
  }

  private mutating func put(_ alarm: Alarm, at place: Int) {
    heap[place] = alarm
    alarm.place = place
  }
}
