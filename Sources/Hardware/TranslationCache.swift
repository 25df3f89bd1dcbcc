/// The translations that one engine remembers: its TLB.
///
/// Only the engine touches it, so it is a plain value. It holds few entries; a new one takes the
/// place of the one that its page shares a slot with.
struct TranslationCache {
  private var entries: [(page: UInt32, physicalPage: UInt32)?] = Array(
    repeating: nil, count: Limits.translationCount)

  /// The memory address that an address of the space leads to; nil is a page fault.
  mutating func translate(_ address: UInt32, in space: AddressSpace?) -> UInt32? {
    guard let space else { return address < UInt32(Limits.memoryWordCount) ? address : nil }
    let size = UInt32(Limits.pageWordCount)
    let page = address / size
    let slot = Int(page) % entries.count
    if let entry = entries[slot], entry.page == page {
      return entry.physicalPage * size + address % size
    }
    guard let physicalPage = space.physicalPage(page) else { return nil }
    entries[slot] = (page, physicalPage)
    return physicalPage * size + address % size
  }

  /// Forgets everything.
  mutating func flush() {
    for index in entries.indices { entries[index] = nil }
  }
}
