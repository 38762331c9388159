import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { locale } from "./app/locale.svelte";

await locale.start();
const target = document.getElementById("app");
if (target) mount(App, { target });
