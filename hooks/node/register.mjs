// node --import mcpsonde-sensor server.js
import "./sensor.cjs";
