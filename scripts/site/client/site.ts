import { addCopyButtons } from "./copy-buttons.ts";
import { markReading, showCurrentPage } from "./reading.ts";
import { addSchemeButton } from "./scheme-button.ts";
import { addSearch } from "./search-dialog.ts";

addSchemeButton();
addCopyButtons();
markReading();
showCurrentPage();
addSearch();
