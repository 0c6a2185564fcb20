import { texts } from "../texts/texts.ts";
import {
  type CustomFilter,
  isOfFilter,
  rangeConditions,
  rangeIn,
  valuesConditions,
  valuesIn,
  wordsConditions,
  wordsIn,
} from "./custom-filters.ts";
import { FilterButton } from "./filter-button.tsx";
import { OneOf, RangeFilter, SeveralOf, WordsFilter } from "./filter-controls.tsx";
import { withConditions } from "./filters.ts";

interface CustomFilterProps {
  readonly filter: CustomFilter;
  /** What the search field holds. */
  readonly text: string;
  readonly onQuery: (query: string) => void;
}

const words = texts.search;
const truth = [
  { label: words.yes, text: "true" },
  { label: words.no, text: "false" },
];

/** The filter of one field of custom metadata. It offers what the field may hold. */
export function CustomFilterButton({ filter, text, onQuery }: CustomFilterProps) {
  const { field, label } = filter;
  const write = (conditions: readonly string[]): void =>
    onQuery(withConditions(text, (part) => isOfFilter(part, field), conditions));

  if (filter.kind === "truth" || filter.kind === "values") {
    const options = filter.kind === "truth" ? truth : filter.options;
    const chosen = valuesIn(text, field);
    const names = chosen.map((value) => options.find((option) => option.text === value)?.label ?? value);
    return (
      <FilterButton label={label} values={names}>
        {(close) =>
          filter.kind === "truth" ? (
            <OneOf
              label={label}
              options={options}
              chosen={chosen[0]}
              onChange={(value) => write(value === undefined ? [] : [`${field} = ${value}`])}
              onClose={close}
            />
          ) : (
            <SeveralOf
              label={label}
              options={options}
              chosen={chosen}
              onChange={(values) => write(valuesConditions(field, values))}
            />
          )
        }
      </FilterButton>
    );
  }

  if (filter.kind === "words") {
    const value = wordsIn(text, field);
    return (
      <FilterButton label={label} values={value === "" ? [] : [value]}>
        {(close) => (
          <WordsFilter
            value={value}
            onChange={(next) => {
              close();
              write(wordsConditions(field, next));
            }}
          />
        )}
      </FilterButton>
    );
  }

  const range = rangeIn(text, field);
  const isOn = range.from !== "" || range.to !== "";
  return (
    <FilterButton label={label} values={isOn ? [words.range(range.from, range.to)] : []}>
      {(close) => (
        <RangeFilter
          type={filter.kind}
          range={range}
          onChange={(next) => {
            close();
            write(rangeConditions(field, next));
          }}
        />
      )}
    </FilterButton>
  );
}
