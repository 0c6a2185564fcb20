/** One look of the demo, the landing page and the documentation: the same colours by the same names, as in the console. */
export const colours = `--page: light-dark(#f4f7f8, #10171a);
  --surface: light-dark(#fff, #182226);
  --sunken: light-dark(#eef3f5, #111a1d);
  --line: light-dark(#d5dfe3, #2e3c42);
  --edge: light-dark(#73868e, #71858d);
  --text: light-dark(#14232a, #e6eef1);
  --quiet: light-dark(#50636b, #a0b1b8);
  --accent: light-dark(#0b6b8a, #69cdea);
  --on-accent: light-dark(#fff, #06222c);
  --tint: light-dark(#e3f2f7, #17313a);`;
