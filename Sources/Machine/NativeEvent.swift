internal import CMachine

/// A descriptor of the operating system that becomes readable: Linux's `eventfd`.
///
/// Native runs only: no conductor sees it.
package struct NativeEvent: Sendable {
  /// What `poll(2)` takes.
  package let descriptor: Int32

  /// The event that has this descriptor.
  package init(descriptor: Int32) { self.descriptor = descriptor }

  /// The system's error number, positive.
  package struct Refusal: Error {
    /// `EMFILE` is 24.
    package let code: Int32
  }

  /// A new event that nobody has raised.
  package static func make() -> Result<NativeEvent, Refusal> { checked(fl_event_create()) }

  /// The event behind a descriptor, under a descriptor of its own.
  package static func duplicate(of descriptor: Int32) -> Result<NativeEvent, Refusal> {
    checked(fl_event_duplicate(descriptor))
  }

  /// Makes the descriptor readable.
  package func raise() { fl_event_raise(descriptor) }

  /// Ends the descriptor.
  package func close() { fl_event_close(descriptor) }

  private static func checked(_ descriptor: Int32) -> Result<NativeEvent, Refusal> {
    descriptor < 0
      ? .failure(Refusal(code: 0 &- descriptor)) : .success(NativeEvent(descriptor: descriptor))
  }
}
