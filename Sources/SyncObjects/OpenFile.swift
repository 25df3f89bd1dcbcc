internal import Machine

/// What can be open under a descriptor (`struct file`), as one word: the lowest bits say which.
enum OpenFile {
  case syncFile(SyncFile)
  case timeline(SoftwareTimeline)
  case counter(EventCounter)
  case syncObject(SyncObject)

  init(word: UInt) {
    let address = word & ~3
    switch word & 3 {
    case 0: self = .syncFile(SyncFile(machineAddress: address))
    case 1: self = .timeline(SoftwareTimeline(machineAddress: address))
    case 2: self = .counter(EventCounter(machineAddress: address))
    default: self = .syncObject(SyncObject(machineAddress: address))
    }
  }

  var word: UInt {
    switch self {
    case .syncFile(let file): file.machineAddress
    case .timeline(let timeline): timeline.machineAddress | 1
    case .counter(let counter): counter.machineAddress | 2
    case .syncObject(let object): object.machineAddress | 3
    }
  }
}

extension OpenFile {
  /// Takes a reference to the file.
  func get() {
    switch self {
    case .syncFile(let file): file.get()
    case .timeline(let timeline): timeline.openAgain()
    case .counter(let counter): counter.get()
    case .syncObject(let object): object.get()
    }
  }

  /// Gives a reference to the file back; the last one closes it (`fput`).
  func put() {
    switch self {
    case .syncFile(let file): file.put()
    case .timeline(let timeline): timeline.close()
    case .counter(let counter): counter.put()
    case .syncObject(let object): object.put()
    }
  }
}
