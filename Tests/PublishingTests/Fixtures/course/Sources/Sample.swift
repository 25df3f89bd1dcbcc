/// A record that a fence's callback lives in.
struct Record {
  // snippet: signal
  func signal() {
    lock.lock()
    flags.set(.signaled)          // the waiter may see this …
    for callback in callbacks {   // … before these have run
      callback.run()
    }
    lock.unlock()
  }
  // end snippet
}
