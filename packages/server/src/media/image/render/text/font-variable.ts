/** The variable that names the configuration of fontconfig. fontconfig reads it when it is first asked for a font. */
export const fontVariable = "FONTCONFIG_FILE";
