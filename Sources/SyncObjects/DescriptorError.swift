public import Kernel
internal import Machine

/// Why there is no descriptor of the operating system.
public enum DescriptorError: Error, Hashable, Sendable {
  /// The run is conducted, and a conductor cannot see the operating system.
  case conducted(repair: String)
  /// The system, or the process's limit, said no.
  case refused(Errno)

  /// Runs `body` natively, and turns its error number into an error.
  static func nativeOnly(
    _ repair: String, _ body: () -> Result<NativeEvent, NativeEvent.Refusal>
  ) throws(DescriptorError) -> NativeEvent {
    guard Conductor.current == nil else { throw .conducted(repair: repair) }
    switch body() {
    case .success(let event): return event
    case .failure(let refusal): throw .refused(Errno(code: refusal.code))
    }
  }
}

extension DescriptorError: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .conducted(let repair):
      "a conducted run has no descriptors of the operating system: \(repair)"
    case .refused(.tooManyDescriptors):
      "the process has no descriptor left: close some, or raise its limit (ulimit -n)"
    case .refused(.badDescriptor):
      "the descriptor is not open: pass one that eventfd() returned and nobody has closed"
    case .refused(.invalidArgument):
      "the descriptor is no eventfd: pass one that eventfd() returned"
    case .refused(let error):
      "the system refused a descriptor with \(error): try again when it has resources"
    }
  }
}
