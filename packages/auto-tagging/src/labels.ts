/** The classes that the model distinguishes, in its own order: the 80 classes of the COCO data set. */
export const labels = [
  ...["Person", "Bicycle", "Car", "Motorcycle", "Airplane", "Bus", "Train", "Truck", "Boat", "Traffic light"],
  ...["Fire hydrant", "Stop sign", "Parking meter", "Bench", "Bird", "Cat", "Dog", "Horse", "Sheep", "Cow"],
  ...["Elephant", "Bear", "Zebra", "Giraffe", "Backpack", "Umbrella", "Handbag", "Tie", "Suitcase", "Frisbee"],
  ...["Skis", "Snowboard", "Sports ball", "Kite", "Baseball bat", "Baseball glove", "Skateboard", "Surfboard"],
  ...["Tennis racket", "Bottle", "Wine glass", "Cup", "Fork", "Knife", "Spoon", "Bowl", "Banana", "Apple"],
  ...["Sandwich", "Orange", "Broccoli", "Carrot", "Hot dog", "Pizza", "Donut", "Cake", "Chair", "Couch"],
  ...["Potted plant", "Bed", "Dining table", "Toilet", "TV", "Laptop", "Mouse", "Remote", "Keyboard", "Cell phone"],
  ...["Microwave", "Oven", "Toaster", "Sink", "Refrigerator", "Book", "Clock", "Vase", "Scissors", "Teddy bear"],
  ...["Hair drier", "Toothbrush"],
] as const;
