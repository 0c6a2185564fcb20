/** The elements that stand below an element with an id, together with that element, or those that stand below none. */
interface Group {
  elements: number;
  readonly parts: (Group | string)[];
}

/**
 * Counts the elements of a drawing in which each reference is replaced by the elements that it refers to. Nested
 * references multiply: forty lines can ask for a million million elements.
 */
export class ElementCount {
  readonly #root: Group = { elements: 0, parts: [] };
  readonly #named = new Map<string, Group>();
  readonly #open: Group[] = [this.#root];

  open(id: string | undefined): void {
    const around = this.#current();
    // If several elements have the same id, a reference means the first one.
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

  /** Notes that the open element refers to another element, which may be yet to come. */
  refer(id: string): void {
    this.#current().parts.push(id);
  }

  close(): void {
    this.#open.pop();
  }

  /** The number of elements; infinite if it can't be counted any more. */
  total(): number {
    const totals = new Map<Group, number>();
    const waiting: { readonly group: Group; next: number; sum: number }[] = [];
    const enter = (group: Group): void => {
      // Until a group's total is known, it counts as zero: an element that refers to itself isn't drawn.
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
