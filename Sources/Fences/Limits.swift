/// The ceilings of this target, and what each one costs.
public enum Limits {
  /// Callbacks on one fence that a check of its list follows before it calls the list endless.
  ///
  /// Adding callbacks has no ceiling; this bounds the time of a check only.
  public static let callbackCountMax = 65_536
  /// Hazards posted at the same time under ``SignaledBitPolicy/hazardPointer``.
  ///
  /// A thread posts one for each level of containers that it asks; a deeper nest waits for itself.
  /// Each question to a signaled fence reads as many words.
  public static let hazardCount = 8
}
