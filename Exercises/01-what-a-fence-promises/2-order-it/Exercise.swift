// # Order it
//
// A job computed half of its output before its time was over. The driver has four things to do, and
// below they stand in the wrong order. Put the four lines into an order that keeps every promise
// of the fence. No line is missing, and none is needless.
//
// A waiter sleeps on the fence, then reads the error and the output. In another world nobody waits
// at all, and the other holder has given its reference back before. See
// [who owns what](../../../Lessons/01-what-a-fence-promises/lesson.md#who-owns-what).

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
  // Change the order below this line …
  fence.signal()
  fence.put()
  job.record.output.value = 7
  fence.setError(.timeExpired)
  // … and above this line.
}
