/// The commonest passwords that consist of letters, for a warning.
///
/// From the first thousand of Mark Burnett's "Ten million passwords" (2015), which he put into the public domain, in its
/// order. Its other words are left out: all of them are so short that the command warns of them for that.
enum CommonPasswords {
  /// Whether a text is one of them, in upper or lower case.
  static func contains(_ text: String) -> Bool {
    let text = Substring(text.lowercased())
    return words.split { $0 == " " || $0 == "\n" }.contains(text)
  }

  private static let words = """
    password qwerty dragon baseball football monkey letmein shadow master qwertyuiop mustang michael
    superman qazwsx killer jordan jennifer zxcvbnm asdfgh hunter buster soccer harley batman andrew
    tigger sunshine iloveyou charlie robert thomas hockey ranger daniel starwars klaster george
    computer michelle jessica pepper zxcvbn freedom pass maggie aaaaaa ginger princess joshua cheese
    amanda summer love ashley nicole chelsea matthew access yankees dallas austin thunder taylor
    matrix william corvette hello martin heather secret merlin diamond gfhjkm hammer silver anthony
    justin test bailey patrick internet scooter orange golfer cookie richard samantha bigdog guitar
    jackson whatever mickey chicken sparky snoopy maverick phoenix camaro peanut morgan welcome
    falcon cowboy ferrari samsung andrea smokey steelers joseph mercedes dakota arsenal eagles
    melissa boomer booboo spider nascar monster tigers yellow gateway marina diablo bulldog compaq
    purple banana junior hannah porsche lakers iceman money cowboys london tennis coffee scooby
    miller boston brandon yamaha chester mother forever johnny edward oliver redsox player nikita
    knight fender barney midnight please brandy chicago badboy iwantu slayer rangers charles angel
    flower bigdaddy rabbit wizard jasper enter rachel chris steven winner adidas victoria natasha
    jasmine winter prince marine ghbdtn fishing cocacola casper james raiders marlboro gandalf
    asdfasdf crystal golden panther lauren angela angels madison winston shannon mike toyota canada
    sophie apples tiger razz pokemon qazxsw qwaszx muffin johnson murphy cooper jonathan liverpoo
    david danielle jackie turtle scorpion qazwsxedc butter carlos dennis slipknot asdf black
    startrek cameron newyork rainbow nathan john rocket viking redskins asdfghjkl sierra peaches
    gemini doctor wilson sandra helpme qwertyui victor florida dolphin pookie captain tucker blue
    liverpool theman bandit dolphins maddog packers jaguar lovers nicholas united tiffany maxwell
    zzzzzz nirvana jeremy stupid monica elephant giants hotdog rosebud success debbie mountain
    warrior albert metallic lucky azerty alex alexis samson willie scorpio bonnie gators benjamin
    voodoo driver dexter jason calvin freddy creative sydney asdfghjk bubba trouble gunner happy
    gordon legend jessie stella qwert eminem arthur apple nissan bear america nothing parker rebecca
    qweqwe garfield beavis jack asdasd december magic apollo skippy girls kitten golf copper braves
    shelby godzilla fred tomcat august buddy airborne lifehack qqqqqq brooklyn animal platinum
    phantom online xavier darkness power fish green voyager police travis heaven snowball lover
    abcdef pakistan walter blazer cricket sniper donkey willow loveme saturn therock redwings bigboy
    pumpkin trinity williams nintendo digital destiny topgun runner marvin guinness chance bubbles
    testing fire november minecraft lasvegas sergey broncos cartman private celtic birdie little
    cassie babygirl donald beatles family school louise gabriel eclipse fluffy explorer beer nelson
    flyers spencer scott lovely gibson doggie cherry andrey snickers buffalo pantera metallica
    member carter qwertyu peter alexande steve bronco paradise goober samuel montana mexico dreams
    michigan carolina yankee friends magnum surfer maximus genius cool vampire lacrosse aaaa
    christin kimberly speedy sharon carmen kristina sammy racing sabrina horses baby stalker enigma
    star poohbear simple marcus brian qweasdzxc drowssap hahaha caroline barbara dave viper drummer
    action einstein genesis scotty friend forest hotrod google vanessa spitfire badger maryjane
    friday alaska tester jester jake champion billy rock hawaii chevy walker stephen bill october
    gregory svetlana pamela music shorty westside stanley diesel courtney kevin hitman mark reddog
    frank popcorn patricia aaaaaaaa teresa mozart buddha anderson paul melanie abcdefg security
    lizard denise ruslan stargate simpsons scarface eagle thumper olivia naruto general cherokee
    vincent spooky qweasd free frankie douglas death loveyou kitty kelly veronica suzuki semperfi
    penguin mercury liberty spirit scotland natalie marley vikings system king allison marshall
    hummer adrian vfhbyf sandman rocky leslie antonio softball passion mnbvcxz passport rascal
    howard franklin bigred alexander homer redrum jupiter claudia patches raider infinity andre
    galore college russia kawasaki bishop vladimir freeuser wildcats francis disney budlight
    brittany sweet oksana honda domino bulldogs brutus swordfis norman monday jimmy ironman ford
    fantasy duncan cougar jeffrey house dancer brooke timothy super marines justice digger connor
    patriots karina molly everton tinker alicia pearljam stinky colorado water motorola ireland
    asdfg matt houston boogie zombie accord vision reggie bradley kermit froggy ducati avalon sarah
    saints logitech chopper simpson madonna juventus claire zachary yfnfif wolverin warcraft extreme
    peekaboo fireman eugene brenda russell panthers georgia smith skyline jesus elizabet spiderma
    smooth pirate empire bullet virginia valentin psycho predator arizona mitchell alyssa vegeta
    titanic christ goblue fylhtq wolf mmmmmm kirill indian hiphop baxter awesome people danger
    roland mookie dreamer bambam arnold skipper serega rolltide elvis changeme simon lovelove
    fktrcfylh denver tommy mine loverboy hobbes alison nemesis chevelle cardinal burton picard
    tweety windows turkey vfrcbv sublime galina bobby newport manutd daddy american alexandr victory
    rooster madmax electric wolfpack spring phpbb lalala spiderman eric darkside classic raptor
    hendrix wombat avatar alpha crazy hard england brazil wildcat polina fyfcnfcbz berlin taurus
    maksim britney hercules ronaldo blizzard cheyenne cjkysirj pandora holiday devils horse alabama
    caesar pickle shaggy leather chronic admin airplane kodiak billybob sunset katana chocolat
    snowman stingray firebird wolves zeppelin detroit pontiac gundam panzer outlaw redhead tarheels
    greenday engineer hellfire serenity cobra fireball darkstar flash strike beauty pavilion
    """
}
