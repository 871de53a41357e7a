module mcpsonde.test/pair

go 1.21
