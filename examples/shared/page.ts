import "@sluice/client/element";
