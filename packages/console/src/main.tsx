import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/global.css";
import "virtual:theme.css";
import "./theme/mantine.css";
import "./theme/base.css";
import "./theme/controls.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";

const place = document.getElementById("console");
if (place === null) throw new Error("The page has no element for the console");
createRoot(place).render(<App />);
