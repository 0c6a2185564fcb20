import { useCallback, useMemo, useState } from "react";
import { type Item, keyOf } from "./items.ts";

export interface Selection {
  readonly items: readonly Item[];
  has(item: Item): boolean;
  /** Selects or unselects one item. */
  toggle(item: Item): void;
  set(items: readonly Item[]): void;
  /** Keeps the selected items as they are now. */
  replace(items: readonly Item[]): void;
  /** Unselects what is no longer there. */
  drop(keys: ReadonlySet<string>): void;
  clear(): void;
}

/** The selected items of one view. They stay selected while they are scrolled out of sight. */
export function useSelection(): Selection {
  const [selected, setSelected] = useState<ReadonlyMap<string, Item>>(new Map());
  const toggle = useCallback((item: Item) => {
    setSelected((before) => {
      const after = new Map(before);
      if (!after.delete(keyOf(item))) after.set(keyOf(item), item);
      return after;
    });
  }, []);
  const set = useCallback(
    (items: readonly Item[]) => setSelected(new Map(items.map((item) => [keyOf(item), item]))),
    [],
  );
  const drop = useCallback(
    (keys: ReadonlySet<string>) => setSelected((before) => new Map([...before].filter(([key]) => !keys.has(key)))),
    [],
  );
  const replace = useCallback(
    (items: readonly Item[]) =>
      setSelected((before) => {
        const known = items.filter((item) => before.has(keyOf(item)));
        return known.length === 0 ? before : new Map([...before, ...known.map((item) => [keyOf(item), item] as const)]);
      }),
    [],
  );
  const clear = useCallback(() => setSelected((before) => (before.size === 0 ? before : new Map())), []);
  return useMemo(
    () => ({
      items: [...selected.values()],
      has: (item) => selected.has(keyOf(item)),
      toggle,
      set,
      replace,
      drop,
      clear,
    }),
    [selected, toggle, set, replace, drop, clear],
  );
}
