/// An error as the kernel counts them.
///
/// Functions throw it, where the kernel returns the negative number.
@frozen public struct Errno: Error, Hashable, Sendable {
  /// The positive number: 2 for `ENOENT`.
  public let code: Int32

  /// The error with this positive number.
  @inlinable public init(code: Int32) { self.code = code }

  /// The error that the kernel returns as this negative number.
  @inlinable public init(kernelValue: Int32) { code = 0 &- kernelValue }

  /// What the kernel returns or stores: −2 for `ENOENT`.
  @inlinable public var kernelValue: Int32 { 0 &- code }

  /// `ENOENT`: there is no such entry, or it is over already.
  public static let noEntry = Errno(code: 2)
  /// `ESRCH`: the process is gone.
  public static let noProcess = Errno(code: 3)
  /// `EINTR`: a signal arrived first.
  public static let interrupted = Errno(code: 4)
  /// `EIO`: the device failed.
  public static let inputOutput = Errno(code: 5)
  /// `EBADF`: no open file has this descriptor.
  public static let badDescriptor = Errno(code: 9)
  /// `EAGAIN`: not now.
  public static let tryAgain = Errno(code: 11)
  /// `ENOMEM`: no memory.
  public static let noMemory = Errno(code: 12)
  /// `EFAULT`: a bad address.
  public static let badAddress = Errno(code: 14)
  /// `EBUSY`: in use.
  public static let busy = Errno(code: 16)
  /// `ENODEV`: the device is gone.
  public static let noDevice = Errno(code: 19)
  /// `EINVAL`: an argument makes no sense.
  public static let invalidArgument = Errno(code: 22)
  /// `EMFILE`: the process has no descriptor left.
  public static let tooManyDescriptors = Errno(code: 24)
  /// `ENOTTY`: this kind of file does not know the request.
  public static let wrongRequest = Errno(code: 25)
  /// `ENOSPC`: there is no number left to give.
  public static let noSpace = Errno(code: 28)
  /// `EDEADLK`: it would never end.
  public static let deadlock = Errno(code: 35)
  /// `ENODATA`: no data came of it.
  public static let noData = Errno(code: 61)
  /// `ETIME`: the time ran out.
  public static let timeExpired = Errno(code: 62)
  /// `EOPNOTSUPP`: the driver does not have this.
  public static let notSupported = Errno(code: 95)
  /// `EALREADY`: already under way.
  public static let already = Errno(code: 114)
  /// `ECANCELED`: somebody called it off.
  public static let cancelled = Errno(code: 125)
  /// `ERESTARTSYS`: a signal is pending; the system call starts again after it.
  public static let restartSystemCall = Errno(code: 512)

  /// The highest number an error may have (`MAX_ERRNO`).
  public static let codeMax: Int32 = 4095
}

extension Errno: CustomStringConvertible {
  /// The kernel's name with its minus sign, or the bare number.
  public var description: String {
    let names: [Int32: String] = [
      2: "ENOENT", 3: "ESRCH", 4: "EINTR", 5: "EIO", 9: "EBADF", 11: "EAGAIN", 12: "ENOMEM",
      14: "EFAULT", 16: "EBUSY", 19: "ENODEV", 22: "EINVAL", 24: "EMFILE", 25: "ENOTTY",
      28: "ENOSPC", 35: "EDEADLK", 61: "ENODATA", 62: "ETIME", 95: "EOPNOTSUPP", 114: "EALREADY",
      125: "ECANCELED", 512: "ERESTARTSYS",
    ]
    return names[code].map { "-\($0)" } ?? "\(kernelValue)"
  }
}
