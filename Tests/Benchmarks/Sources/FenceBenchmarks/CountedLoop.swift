internal import CTwin
internal import Fences
internal import Machine

/// One loop of one side, so that a tool can count its instructions: no noise can reach them.
enum CountedLoop {
  static func run(_ arguments: [String]) {
    guard let times = UInt64(arguments[2]) else { return complain() }
    switch (arguments[0], arguments[1]) {
    case ("isSignaled", "ours"):
      let fence = Subject.make()
      fence.signal()
      _ = Subject.loopIsSignaled(fence, times)
    case ("isSignaled", "theirs"):
      let twin = twin_make()
      twin_signal_once(twin)
      _ = twin_loop_is_signaled(twin, times)
    case ("getPut", "ours"): Subject.loopGetPut(Subject.make(), times)
    case ("getPut", "theirs"): twin_loop_get_put(twin_make(), times)
    case ("signal", "ours"):
      Subject.loopSignal(Subject.make(), Machine.permanent(alignment: 64, Counting()), times)
    case ("signal", "theirs"): twin_loop_signal(twin_make(), twin_make_counting(), times)
    default: complain()
    }
  }

  private static func complain() {
    print("count isSignaled|getPut|signal ours|theirs TIMES")
  }
}
