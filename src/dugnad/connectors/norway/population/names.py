"""Names for synthetic persons: common ones of each generation, Sámi ones, and some that came with immigration.

Written for this project; no list was copied. No combination is meant to be a real person.
"""

WOMEN_OLD = tuple(
    "Anne Inger Kari Marit Astrid Liv Bjørg Ingrid Berit Solveig Randi Else Gerd Eva Tove Turid Grethe Kirsten "
    "Aud Sissel Gunn Wenche Bente Unni Torill Brit Ragnhild Sigrid Åse Jorunn Oddny Målfrid Synnøve".split()
)
MEN_OLD = tuple(
    "Jan Per Bjørn Ole Kjell Arne Knut Svein Odd Hans Tor Geir Terje Leif Harald Rolf Gunnar John Einar Sverre "
    "Olav Egil Nils Reidar Magne Ivar Asbjørn Kåre Steinar Trygve Birger Oddvar Sigurd".split()
)
WOMEN_MIDDLE = tuple(
    "Hilde Heidi Monica Nina Anita Linda Camilla Silje Marianne Elin Kristin Lene Trine Gro Tone Cathrine Hege "
    "Line Ellen Siv Mona Marte Stine Ida Hanne Maria Guro Vibeke Janne Renate Tonje Ingvild Solfrid".split()
)
MEN_MIDDLE = tuple(
    "Thomas Morten Anders Lars Frode Espen Stian Øyvind Trond Kristian Roger Vidar Martin Andreas Eirik Erik "
    "Tommy Rune Håkon Fredrik Geir Marius Henrik Ståle Jørgen Bård Hallvard Torstein Kenneth Dag Sindre".split()
)
GIRLS = tuple(
    "Emma Nora Olivia Ella Sofie Maja Sara Leah Ingrid Frida Emilie Amalie Thea Hedda Jenny Ada Astrid Live "
    "Tiril Selma Vilde Mathilde Eline Sigrid Anna Julie Aurora Hanna Iben Alma Solveig Ellinor Runa Synne".split()
)
BOYS = tuple(
    "Jakob Noah Emil Lucas Oskar William Oliver Filip Aksel Liam Magnus Henrik Elias Theodor Isak Johannes Håkon "
    "Kasper Ludvig Jonas Tobias Odin Sigurd Mathias Birk Eirik Iver Sander Ulrik Trym Sverre Ola Leon".split()
)
SAMI_WOMEN = tuple(
    "Máret Elle Ánne Risten Sárá Biret Inga Káre Ravna Láilá Ellen-Marit Gunvor Maarja Sunna Ávrá Iŋgir".split()
)
SAMI_MEN = tuple(
    "Nils Mikkel Ánte Áilo Máhtte Ánde Juhán Piera Issát Jovnna Niillas Per-Ante Aslak Jouna Ovllá".split()
)
SAMI_FAMILY = tuple(
    "Sara Eira Gaup Utsi Hætta Buljo Somby Bongo Anti Baal Skum Varsi Bær Triumf Nutti Kemi".split()
)
WORLD_WOMEN = tuple(
    "Agnieszka Katarzyna Olena Oksana Amina Fatima Hodan Ayan Zahra Maryam Sadia Ayesha Mehwish Trang Linh Rima "
    "Nour Selam Hana Rasa Ieva Elena Priya Malai Somchai Ewa".split()
)
WORLD_MEN = tuple(
    "Piotr Tomasz Krzysztof Oleksandr Andrii Mohamed Abdi Ahmed Ali Hassan Bilal Imran Usman Minh Tuan Omar Yusuf "
    "Samuel Dawit Mantas Jonas Marek Ravi Farid Reza Karim".split()
)
WORLD_FAMILY = tuple(
    "Kowalska Nowak Wisniewski Shevchenko Kovalenko Ali Mohamud Abdi Warsame Khan Ahmed Hussain Malik Nguyen Tran "
    "Haddad Saleh Tesfay Haile Kazlauskas Petrauskas Popescu Sharma Rahimi Karimi Yilmaz".split()
)
FAMILY = tuple(
    "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen "
    "Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen Henriksen Lund Sørensen Jakobsen "
    "Moen Gundersen Iversen Strand Solberg Svendsen Eide Knutsen Martinsen Bakken Kristoffersen Mathisen Lie "
    "Amundsen Nguyen Rasmussen Solheim Lunde Moe Nygård Kristensen Bakke Fredriksen Berge Holm Lien Hauge "
    "Andresen Nielsen Knudsen Evensen Sæther Aas Hanssen Myhre Haugland Thomassen Simonsen Danielsen Sivertsen "
    "Berntsen Arnesen Rønning Sandvik Næss Antonsen Haug Ellingsen Thorsen Vik Edvardsen Isaksen Gulbrandsen Ruud "
    "Aasen Strøm Tangen Eliassen Birkeland Sætre Helland Børresen Vatne Digernes Tysnes Økland Sunde".split()
)

# Streets are put together, so that none is copied from the real street register.
STREET_HEADS = tuple(
    "Rognebær Kvitveis Morgenrøde Fuglekvitter Måneskinn Lyngblom Tiriltunge Småfugl Nordstjerne Blåklokke Sommerfugl "
    "Vårsol Snøfokk Regnboge Skumrings Dugg Sølvpil Havblikk Fjellrype Kornmo Bjørkeløv Eventyr Tyttebær Stjerneskudd "
    "Myrull Solgløtt Rabarbra Bekkesus Vindfang Ekornsti Grankongle Revebjølle Seljefløyte Nøtteskrike Høstløv "
    "Kråkebolle Marihøne Strandskjell Tindved Vaffel".split()
)
STREET_TAILS = {"nn": ("vegen", "stien", "lia", "gata"), "nb": ("veien", "stien", "lia", "gata")}

KINDERGARTEN_HEADS = tuple(
    "Solstråle Tyttebær Trollskog Eventyr Fjordglytt Maurtua Knerten Kvernhus Tusenbein Regnboge Småfjell Blåbær "
    "Ekornbo Sjøstjerne Bjørnehi Revehi Lekeloft Humle Spirea Lykkeland Nordlys Fuglereir Kastanje Perletur".split()
)
