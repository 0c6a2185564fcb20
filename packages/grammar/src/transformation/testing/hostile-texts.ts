import fc, { type Arbitrary } from "fast-check";
import { transformationText } from "./transformation-texts.ts";

const many = 300;

/**
 * Texts that break parsers: brackets that don't match, keys of JavaScript's objects, endless lists, incomplete
 * encodings.
 */
export const corpus: readonly string[] = [
  "",
  ":",
  ",",
  ":,:,",
  "tr:",
  "tr:tr:w-1",
  "-",
  "--",
  "e-",
  "e--",
  "l-",
  "l--",
  "l-l-end",
  "if-",
  "if--",
  "if-if-end",
  "w-",
  "__proto__-1",
  "constructor-1",
  "l-__proto__,i-a,l-end",
  "bg-__proto__",
  "fo-constructor",
  "w-2_toString_3",
  "if-w_constructor_3,w-2,if-end",
  "ar-4:3:2:1",
  "ar-4:3,ar-4:3",
  "n-../../etc/passwd",
  "di-..@@..@@etc@@passwd",
  "di-%2e%2e%2f%2e%2e%2fetc",
  "l-image,i-%5c..%5ca,l-end",
  "l-image,ie-Li4vLi4vYQ,l-end",
  "l-text,i-%00,l-end",
  "l-text,ie-gICA,l-end",
  "l-text,ie-====,l-end",
  "w-%",
  "w-%%%zz%1",
  "w-%c0%ae",
  "w-%ed%a0%80",
  "w-\ud800",
  "l-text,i-\udc00\ud800,l-end",
  "w-9007199254740993",
  `w-${"9".repeat(400)}`,
  `w-0.${"0".repeat(400)}1`,
  `dpr-${"0".repeat(400)}2`,
  "w-1e309",
  "w-Infinity",
  "w-NaN",
  "rt-N0",
  "lx-N0",
  "pg-99999999999-1",
  "w-%2C,h-2",
  "w-2%2C",
  "di-a%2Cb",
  "di-%2C",
  "di-@@@",
  "di-a@@@b",
  "di-a%40%2F%40b",
  `${"l-image,i-a,".repeat(many)}${"l-end,".repeat(many)}`,
  `${"if-w_gt_1,".repeat(many)}${"if-end,".repeat(many)}`,
  "l-end,".repeat(many),
  "w-2:".repeat(many),
  `w-${"1_add_".repeat(many)}1`,
  `if-${"w_gt_1_and_".repeat(many)}w_gt_1,w-2,if-end`,
  `l-text,i-${"a%".repeat(many)},l-end`,
  `pg-name-${'"a"_'.repeat(many)}"a"`,
  `pg-${"1-_".repeat(many)}2`,
  `bg-genfill-prompt-${"-".repeat(many)}`,
];

/** Pieces of the language, in any order. */
const fragments = fc.constantFrom(
  ..."l-image l-text l-end if-w_gt_1 if-else if-end i-a ie-YQ w- w-2 tr: , : _ - @@ % %2C %3A %25 + N e- ar-4 3 n-a orig-true".split(
    " ",
  ),
);

/** Anything that a caller can send. */
export const hostileText: Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...corpus) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.oneof(fragments, fc.constantFrom(",", ":")), { maxLength: 40 })
      .map((parts) => parts.join("")),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        transformationText,
        fc.nat(),
        fc.nat({ max: 9 }),
        fc.oneof(fragments, fc.string({ unit: "binary", maxLength: 3 })),
      )
      .map(([text, place, removed, inserted]) => {
        const at = place % (text.length + 1);
        return text.slice(0, at) + inserted + text.slice(at + removed);
      }),
  },
);
