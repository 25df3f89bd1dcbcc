internal import Glibc

/// What the checks of an exercise are: the program that the parent starts.
///
/// ```swift
/// // explorations: 1
/// import Exercise
/// import ExerciseKit
///
/// @main enum Checks: ExerciseKit::ExerciseMain {
///   static func check(_ grader: ExerciseKit::Grader) {
///     grader.ExerciseKit::explore("the waiter may free its record") { lab in … }
///   }
/// }
/// ```
public protocol ExerciseMain {
  /// Names the misconceptions and explores the scenarios, in order.
  static func check(_ grader: Grader)
}

extension ExerciseMain {
  /// Reads the parent's request, runs the checks and reports.
  public static func main() {
    guard let channel = FrameChannel() else {
      preconditionFailure("these checks are run by `fencelab grade`")
    }
    channel.request.limits.adopt()
    channel.send(.begun(version: Frame.version))
    let grader = Grader(channel: channel)
    check(grader)
    grader.finish()
    exit(0)
  }
}
