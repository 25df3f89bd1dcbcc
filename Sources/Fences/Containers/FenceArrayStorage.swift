internal import Kernel
internal import Machine

/// What an array keeps: its fence, its children, and how many of them are pending.
struct FenceArrayStorage: ~Copyable {
  // First, so that the fence's address is the array's.
  let fence = FenceStorage()
  // 1: no error so far; 0: none, and no other counts any more; negative: the first error. A word
  // of its own, because children on several CPUs compete for it.
  let errorMark = Word<Int32>(Self.noErrorYet)
  // Children that must still be signaled, as Int32; below 1 the array is over.
  let pending: Word<UInt32>
  // Written once before publication. The address of the first child's record, or 0.
  let firstChild = Cell<UInt>(0)
  let work = IRQWork { FenceArray.finish($0) }

  init(pending: Int) { self.pending = Word(UInt32(pending)) }

  static var noErrorYet: Int32 { 1 }
  static let work = FieldOffset<FenceArrayStorage, IRQWork> { $0.work.address }
}

/// One child of an array: its fence, and the callback that waits for it.
struct FenceArrayChild: ~Copyable {
  let callback = FenceCallback()
  // Written once before publication:
  private let child: Cell<Fence?>
  private let owner: Cell<UInt>
  // The address of the next child's record, or 0.
  let next: Cell<UInt>

  init(_ fence: Fence, of array: FenceArray, next: UInt) {
    child = Cell(fence)
    owner = Cell(array.machineAddress)
    self.next = Cell(next)
  }

  var fence: Fence {
    guard let fence = child.value else { preconditionFailure("a child without a fence") }
    return fence
  }

  var array: FenceArray { FenceArray(machineAddress: owner.value) }

  static let callback = FieldOffset<FenceArrayChild, FenceCallback> { $0.callback.address }
}
