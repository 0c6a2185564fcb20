/** The place of a card among those of its list. */
export interface CardPlace {
  readonly index: number;
  /** The id of its list. Each card of the list has it in `data-list`. */
  readonly list: string;
  readonly isOnly: boolean;
  readonly isLast: boolean;
  readonly onMove: (to: number) => void;
  /** Called to take the card away; undefined where it has to stay. */
  readonly onRemove: (() => void) | undefined;
}
