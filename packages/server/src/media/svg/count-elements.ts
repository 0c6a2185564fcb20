/** Elements that stand below one that has an id, or below none. */
interface Group {
  elements: number;
  readonly parts: (Group | string)[];
}

/**
 * How many elements a drawing comes to when everything that it refers to is put where it refers to it. References within
 * what is referred to multiply: forty lines can ask for a million million elements.
 */
export class ElementCount {
  readonly #root: Group = { elements: 0, parts: [] };
  readonly #named = new Map<string, Group>();
  readonly #open: Group[] = [this.#root];

  open(id: string | undefined): void {
    const around = this.#current();
    // Of several elements with one id the first is meant.
    if (id === undefined || this.#named.has(id)) {
      around.elements += 1;
      this.#open.push(around);
      return;
    }
    const group: Group = { elements: 1, parts: [] };
    this.#named.set(id, group);
    around.parts.push(group);
    this.#open.push(group);
  }

  /** The element that is open refers to another, maybe one that is yet to come. */
  refer(id: string): void {
    this.#current().parts.push(id);
  }

  close(): void {
    this.#open.pop();
  }

  /** Infinite where it can't be counted any more. */
  total(): number {
    const totals = new Map<Group, number>();
    const waiting: { readonly group: Group; next: number; sum: number }[] = [];
    const enter = (group: Group): void => {
      // Until it is known, it counts nothing: what refers to itself isn't drawn.
      totals.set(group, 0);
      waiting.push({ group, next: 0, sum: group.elements });
    };
    enter(this.#root);
    for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
      const part = top.group.parts[top.next];
      if (part === undefined) {
        totals.set(top.group, top.sum);
        waiting.pop();
        continue;
      }
      const group = typeof part === "string" ? this.#named.get(part) : part;
      const known = group === undefined ? 0 : totals.get(group);
      if (known === undefined) {
        enter(group as Group);
      } else {
        top.sum += known;
        top.next += 1;
      }
    }
    return totals.get(this.#root) ?? 0;
  }

  #current(): Group {
    return this.#open.at(-1) ?? this.#root;
  }
}
