import { addCopyButtons } from "./copy-buttons.ts";
import { markReading } from "./reading.ts";
import { addSchemeButton } from "./scheme-button.ts";
import { addSearch } from "./search-dialog.ts";

addSchemeButton();
addCopyButtons();
markReading();
addSearch();
