import Drivers
import Fences
import Hardware
import Kernel
import Machine

/// The screen: refreshes sixty times a second, and shows what was flipped since.
struct Display: Sendable {
  struct State: ~Copyable {
    let refreshes = Word<UInt32>(0)
    let mustStop = Word<Bool>(false)
  }

  private let state: Object<State>
  private let controller: CRTCDriver
  private let line: InterruptLine
  private let thread: KernelThread

  static func open(refreshCountMax: Int) -> Display {
    let state = Machine.allocate(State())
    let controller = CRTCDriver.open(number: 0)
    let line = InterruptLine("refresh", cpu: CPU.interrupts) {
      // relaxed: counted only.
      _ = state.record.refreshes.fetchAdd(1, .relaxed)
      controller.handleVerticalBlank()
    }
    let thread = KernelThread.start("display", cpu: CPU.display) {
      for _ in 0..<refreshCountMax {
        Machine.delay(nanoseconds: Limits.refreshNanoseconds)
        // relaxed: one refresh more or less does no harm, and the join orders.
        if state.record.mustStop.load(.relaxed) { break }
        line.raise()
      }
    }
    return Display(state: state, controller: controller, line: line, thread: thread)
  }

  /// The fence of the next refresh, with a reference for the caller.
  func flip() -> Fence { controller.flip() }

  /// How often the screen was refreshed.
  var refreshCount: UInt32 {
    // relaxed: stale at once, whatever the ordering.
    state.record.refreshes.load(.relaxed)
  }

  /// Turns the screen off; every flip has been shown.
  func close() {
    // relaxed: as above.
    state.record.mustStop.store(true, .relaxed)
    thread.join()
    line.disconnect()
    controller.close()
    Machine.free(state)
  }
}
