public import Timeline

/// The runnable demo of one lesson.
public struct LessonDemo: Sendable {
  /// The lesson's folder name.
  public let lesson: String
  /// Runs it on the simulated machine and returns what happened; equal every time.
  public let run: @Sendable () -> Timeline
}

/// The demos of all lessons that have one.
public enum LessonDemos {
  /// In the order of the curriculum.
  public static let all: [LessonDemo] = [
    LessonDemo(lesson: "01-what-a-fence-promises", run: FencePromiseDemo.run),
    LessonDemo(lesson: "02-references-and-lifetimes", run: ReferenceDemo.run),
    LessonDemo(lesson: "03-signaling-and-callbacks", run: CallbackDemo.run),
    LessonDemo(lesson: "04-whose-lock", run: WhoseLockDemo.run),
    LessonDemo(lesson: "05-operations-under-rcu", run: OperationsDemo.run),
    LessonDemo(lesson: "06-the-signaled-bit", run: SignaledBitDemo.run),
    LessonDemo(lesson: "07-what-a-cache-line-costs", run: CacheLineDemo.run),
    LessonDemo(lesson: "08-signal-with-error", run: SignalErrorDemo.run),
  ]

  /// The demo of a lesson, by its folder name or the number it begins with.
  public static func demo(of lesson: String) -> LessonDemo? {
    all.first { $0.lesson == lesson || $0.lesson.hasPrefix(lesson + "-") }
  }
}
