import fc from "fast-check";
import { expect, test } from "vitest";
import { readSvgRoot } from "./svg-root.ts";

test.each([
  [`<svg width="30" height="20"/>`, [30, 20]],
  [`<svg xmlns="http://www.w3.org/2000/svg" width='30px' height='20.4px'>`, [30, 20]],
  [`<svg viewBox="0 0 300 150">`, [300, 150]],
  [`<svg viewBox="0,0,300,150" width="100%" height="100%">`, [300, 150]],
  [`<svg viewBox="0 0 300 150" width="60">`, [60, 30]],
  [`<svg viewBox="0 0 300 150" height="60">`, [120, 60]],
  [`<svg width="1in" height="2.54cm">`, [96, 96]],
  [`<svg width="72pt" height="1e2">`, [96, 100]],
  [`<svg width="0.2" height=".5">`, [1, 1]],
  [`<svg width="2em" height="3em" viewBox="0 0 4 5">`, [4, 5]],
  [`<svg\n width = "30"\n\theight\n=\n"20"\n>`, [30, 20]],
  [`<svg:svg xmlns:svg="http://www.w3.org/2000/svg" width="30" height="20">`, [30, 20]],
  [`<?xml version="1.0"?>\n<!-- <svg width="9" height="9"> -->\n<svg width="30" height="20">`, [30, 20]],
  [`<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg11.dtd">\n<svg width="30" height="20">`, [30, 20]],
  [`<!DOCTYPE svg [<!ENTITY a "]>"><!-- ]> ' --><!ENTITY b '">'>]>\n<svg x="&a;" width="30" height="20">`, [30, 20]],
])("%s has a size", (text, [width, height]) => {
  expect(readSvgRoot(text)).toEqual({ size: { width, height } });
});

test.each([
  `<svg>`,
  `<svg width="30">`,
  `<svg width="&w;" height="20">`,
  `<svg width="-30" height="20">`,
  `<svg width="0" height="20">`,
  `<svg width="1e300" height="1e300">`,
  `<svg viewBox="0 0 0 10">`,
  `<svg viewBox="0 0 10">`,
  `<svg width="30constructor" height="20">`,
])("%s is an svg that leaves its size open", (text) => {
  expect(readSvgRoot(text)).toEqual({ size: undefined });
});

test.each([
  "",
  "<",
  "svg",
  "<html><svg width='1' height='1'/></html>",
  "<!DOCTYPE html><svg width='1' height='1'>",
  "<!doctype html><html>",
  "<script>alert(1)</script>",
  "<!-- <svg> -->",
  "<!-- never closed <svg>",
  "<svgx>",
  "<SVG>",
  "<svg",
  "<svg width=30>",
  "<!DOCTYPE svg [<!ENTITY a 'b'><svg>",
  '{"svg":"<svg>"}',
])("%s is no svg", (text) => {
  expect(readSvgRoot(text)).toBeUndefined();
});

test("64 KiB of anything are read in no time", () => {
  const pieces = [
    "<!-- -->",
    "<!--",
    "<?a?>",
    "<?",
    " ",
    '"',
    "'",
    "<",
    "a",
    "1",
    "e",
    "=",
    "[",
    "]",
    "<!ENTITY a 'b'>",
    ' a="1"',
    ".",
  ];
  const openings = [
    "",
    "<!DOCTYPE svg",
    "<!DOCTYPE svg [",
    "<!DOCTYPE svg '",
    "<svg",
    "<svg width='",
    "<svg viewBox='0 0 ",
  ];
  for (const opening of openings) {
    for (const piece of pieces) {
      const started = performance.now();
      readSvgRoot(opening + piece.repeat(65_536 / piece.length));
      readSvgRoot(`${opening}${piece.repeat(65_536 / piece.length)}!'>`);
      expect(performance.now() - started, `${opening} ${piece}`).toBeLessThan(2000);
    }
  }
});

test("whatever the text, there is an answer", () => {
  const piece = fc.constantFrom(
    "<svg",
    ">",
    "<!DOCTYPE svg",
    "[",
    "]",
    "<!--",
    "-->",
    " width=",
    "'",
    '"',
    "1",
    "px",
    "&",
    "<",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
      const root = readSvgRoot(pieces.join(""));
      expect(root?.size === undefined || root.size.width > 0).toBe(true);
    }),
  );
});
