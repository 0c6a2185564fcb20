import { texts } from "../texts/texts.ts";
import styles from "./brand.module.css";
import icon from "./icon.svg";

export function Brand() {
  return (
    <span className={styles.brand}>
      <img src={icon} alt="" width="28" height="28" />
      <span>{texts.product}</span>
    </span>
  );
}
