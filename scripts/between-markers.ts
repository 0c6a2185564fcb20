/** Puts `text` between the page's comments `<!-- name -->` and `<!-- /name -->`. */
export function betweenMarkers(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`The page has no place for ${name}.`);
  return page.slice(0, from + begin.length) + text + page.slice(to);
}
