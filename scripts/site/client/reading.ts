/** Marks, in the list of the page's headings, the heading that is being read. */
export function markReading(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(".contents a")];
  const headings = links.flatMap((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))) ?? []);
  if (headings.length === 0) return;

  /** The last heading that has reached the upper part of the window. */
  function mark(): void {
    const edge = innerHeight / 4;
    const read = headings.findLast((heading) => heading.getBoundingClientRect().top < edge) ?? headings[0];
    for (const [index, link] of links.entries()) link.toggleAttribute("data-read", headings[index] === read);
  }

  let isWaiting = false;
  addEventListener(
    "scroll",
    () => {
      if (isWaiting) return;
      isWaiting = true;
      requestAnimationFrame(() => {
        isWaiting = false;
        mark();
      });
    },
    { passive: true },
  );
  mark();
}

/** Scrolls the navigation, and nothing else, to the page that is open. */
export function showCurrentPage(): void {
  const navigation = document.querySelector<HTMLElement>(".navigation");
  const current = navigation?.querySelector<HTMLElement>("[aria-current=page]");
  if (!navigation || !current) return;
  const { top } = current.getBoundingClientRect();
  const middle = navigation.getBoundingClientRect().top + navigation.clientHeight / 2;
  navigation.scrollTop += Math.max(0, top - middle);
}
