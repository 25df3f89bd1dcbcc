import Kernel
import Testing

@Suite struct ErrnoTests {
  @Test func `an error knows the number that the kernel returns`() {
    #expect(Errno.noEntry.kernelValue == -2)
    #expect(Errno(kernelValue: -125) == .cancelled)
    #expect("\(Errno.restartSystemCall)" == "-ERESTARTSYS")
    #expect("\(Errno(code: 7))" == "-7")
  }
}
