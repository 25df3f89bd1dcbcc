// expects: expectation failed, rule=warning, misconception=others-keep-it-alive
// By then the last reference may be gone.

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

/// Starts a job that `fence` stands for.
public func submit(_ engine: Object<Engine>, _ fence: Fence) {
  engine.record.leave(fence)
}

/// Called by the device's interrupt when the job is over.
public func handleInterrupt(_ engine: Object<Engine>) {
  guard let fence = engine.record.take() else { return }
  fence.get()
  fence.signal()
  fence.put()
}

/// Called when the device hangs: the job is given up.
public func reset(_ engine: Object<Engine>) {
  guard let fence = engine.record.take() else { return }
  fence.get()
  fence.setError(.timeExpired)
  fence.signal()
  fence.put()
}
