"""What a page shows, and what on it came to life that should have stayed text."""

# Set before any script of a page runs: what a hostile text would call.
TRAP = "window.hits = []; window.hit = () => window.hits.push(document.URL);"
# Everything there is to read, what stands in fields included; and the kinds of elements, each by
# its name, its attributes, and the schemes of its addresses.
READ = """
(page) => {
  const addresses = ["href", "src", "action", "formaction", "data", "poster", "xlink:href"];
  const kind = (attribute) => {
    if (attribute.name === "type" && attribute.value === "application/ld+json") return "ld+json";
    if (!addresses.includes(attribute.name)) return attribute.name;
    const scheme = attribute.value.trim().match(/^(?:[a-z][a-z0-9+.-]*:|[/]{2})/i);
    return scheme ? `${attribute.name}=${scheme[0].toLowerCase()}` : attribute.name;
  };
  const fields = [...page.querySelectorAll("input:not([type=hidden]), textarea")];
  return {
    text: [page.body.textContent, ...fields.map((field) => field.value)].join("\\n"),
    title: page.title,
    kinds: [...new Set([...page.querySelectorAll("*")].map((element) =>
      [element.localName, ...[...element.attributes].map(kind)].join(" ")))],
  };
}
"""
# Parsed as the browser would, but nothing of it runs.
PARSED = f"""
(pages) => pages.map((html) => ({READ})(new DOMParser().parseFromString(html, "text/html")))
"""
SHOWN = f"() => ({{...({READ})(document), hits: window.hits || []}})"
# What no page of ours has, and no text may bring along.
NEVER = {"style", "iframe", "object", "embed", "base", "frame", "applet"}
SCHEMES = ("https:", "mailto:", "tel:", "webcal:")
# The square to be read by an authenticator app.
DRAWN = "img src=data: width height alt"
# What search engines read: no browser runs it.
TOLD = "script ld+json"


def came_alive(kinds):
    """Those kinds of elements that would run, fetch or look like something of their own."""
    return [kind for kind in kinds if kind not in (DRAWN, TOLD) and is_alive(*kind.split(" "))]


def is_alive(name, *attributes):
    schemes = [attribute.partition("=")[2] for attribute in attributes if "=" in attribute]
    return (
        name in NEVER
        or (name == "script" and "src" not in attributes)
        or any(attribute == "style" or attribute.startswith("on") for attribute in attributes)
        or any(scheme not in SCHEMES for scheme in schemes)
    )
