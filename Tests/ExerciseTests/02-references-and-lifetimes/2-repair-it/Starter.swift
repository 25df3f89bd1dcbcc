// expects: data race, rule=data-race, misconception=others-keep-it-alive
// # Repair it
//
// A driver has three functions that touch a job's fence: `submit` hands it to the interrupt
// handler, the handler signals it when the device is done, and `reset` signals it when the device
// has been given up. Handler and reset may meet. Each works, as long as somebody else keeps the
// fence alive for it.
//
// Repair the references: whoever uses the fence must hold one from before its first use until after
// its last, and every reference must be given back once. The caller of `submit` keeps its own and
// may give it back at any moment afterwards, also before the job is over. The type `Engine` is
// right as it stands. See
// [who owns what](../../../Lessons/02-references-and-lifetimes/lesson.md#who-owns-what).

import ExerciseKit

/// What the driver knows about its device.
public struct Engine: ~Copyable {
  private let pending = Word<Fence?>(nil)

  /// A device without a job.
  public init() {}

  /// Leaves a fence for whoever ends the job.
  public func leave(_ fence: Fence) {
    _ = pending.exchange(fence, .full)
  }

  /// Takes the fence out; of two callers one gets it and the other nil.
  public func take() -> Fence? {
    pending.exchange(nil, .full)
  }
}

// Change the code below this line …

/// Starts a job that `fence` stands for.
public func submit(_ engine: Object<Engine>, _ fence: Fence) {
  engine.record.leave(fence)
}

/// Called by the device's interrupt when the job is over.
public func handleInterrupt(_ engine: Object<Engine>) {
  guard let fence = engine.record.take() else { return }
  fence.signal()
}

/// Called when the device hangs: the job is given up.
public func reset(_ engine: Object<Engine>) {
  guard let fence = engine.record.take() else { return }
  fence.setError(.timeExpired)
  fence.signal()
}

// … and above this line.
