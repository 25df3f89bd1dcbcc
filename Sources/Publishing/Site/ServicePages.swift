/// The pages that no file of the package stands behind.
enum ServicePage {
  /// Shows what the search finds.
  static let search = """
    <h1>Search</h1>
    <form class="search" role="search" action="search.html">
    <label for="search-field">Words that all must occur</label>
    <input id="search-field" name="q" type="search" autocomplete="off" spellcheck="false">
    </form>
    <p id="search-status" role="status">The search needs JavaScript. The list of contents leads \
    to every page without it.</p>
    <ol id="search-results" class="results"></ol>

    """

  /// Where a link leads that leads nowhere.
  static let notFound = """
    <h1>There is no such page</h1>
    <p class="lead">Either the link is wrong, or the page has moved.</p>
    <p>Begin again at the <a href="index.html">front page</a>, or
    <a href="search.html">search</a> for what you came for.</p>

    """
}
