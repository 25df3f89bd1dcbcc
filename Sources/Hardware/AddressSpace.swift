import Machine

/// A page table: which page of the device's memory each page of an engine's address space is.
///
/// Engines remember translations (``TranslationCache``). A page that was unmapped can therefore be
/// reached until the engine has carried out `flushTranslations`; only then may its memory be used
/// for something else.
public struct AddressSpace: Sendable {
  struct Table: ~Copyable {
    /// For each page 0 where it is not mapped, otherwise the page of memory plus 1.
    let entries = InlineArray<16, Word<UInt32>> { _ in Word(0) }

    init() {
      precondition(entries.count == Limits.pageCount, "the number of pages is given twice")
    }
  }

  let table: Object<Table>

  /// An address space without any page.
  public static func make() -> AddressSpace { AddressSpace(table: Machine.allocate(Table())) }

  /// Makes a page lead to a page of memory.
  public func map(page: Int, to physicalPage: Int) {
    precondition(physicalPage < Limits.pageCount, "the device has \(Limits.pageCount) pages")
    // release[pagetable.entry] → acquire in AddressSpace.physicalPage(_:). What the memory holds
    // is visible to the engine.
    table.record.entries[page].store(UInt32(physicalPage) + 1, .release, edge: "pagetable.entry")
  }

  /// Takes a page out of the table.
  ///
  /// The engine may still know the translation.
  public func unmap(page: Int) {
    // relaxed: only a flush of the translations says when the page is out of reach.
    table.record.entries[page].store(0, .relaxed)
  }

  /// Frees the table, which no engine may use any more.
  public func free() { Machine.free(table) }

  /// Walks the table; nil where the page is not mapped.
  func physicalPage(_ page: UInt32) -> UInt32? {
    guard page < UInt32(Limits.pageCount) else { return nil }
    // acquire[pagetable.entry] ← release in AddressSpace.map(page:to:). As said there.
    let entry = table.record.entries[Int(page)].load(.acquire, edge: "pagetable.entry")
    return entry == 0 ? nil : entry - 1
  }
}
