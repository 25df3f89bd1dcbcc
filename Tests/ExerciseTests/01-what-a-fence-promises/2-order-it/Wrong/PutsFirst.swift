// expects: use after free, rule=use-after-free, misconception=others-keep-it-alive

import ExerciseKit

/// What the device hands over.
public struct Job: ~Copyable {
  /// A plain field: reading it needs an order behind the write.
  public let output = Cell<UInt32>(0)

  /// A job that has no output yet.
  public init() {}
}

/// Ends a job that has run out of time.
///
/// - Parameters:
///   - job: Lives longer than this call.
///   - fence: With one reference that is the driver's, and that this function gives back.
public func complete(_ job: Object<Job>, _ fence: Fence) {
  fence.put()
  job.record.output.value = 7
  fence.setError(.timeExpired)
  fence.signal()
}
