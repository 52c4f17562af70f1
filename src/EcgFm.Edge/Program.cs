Console.WriteLine("ecgfm-edge");
