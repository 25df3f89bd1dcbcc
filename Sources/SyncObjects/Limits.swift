/// The numbers of this target.
public enum Limits {
  /// How long whoever looks for a fence waits for it to be submitted, in milliseconds.
  public static let submitWaitMilliseconds = 5_000
  /// Bytes of a name, the zero byte at its end included.
  public static let nameBytesMax = 32
  /// Descriptors that a process may have, unless it is told otherwise.
  public static let descriptorCountMax = 1_024
  /// Slots of a table's first memory; it doubles when they are used up.
  static let firstSlotCount = 8
}

extension String {
  /// As much of the text as the kernel keeps of a name, without a broken character at its end.
  var asName: String {
    var name = ""
    for scalar in unicodeScalars {
      let longer = name + String(scalar)
      if longer.utf8.count >= Limits.nameBytesMax { break }
      name = longer
    }
    return name
  }
}
