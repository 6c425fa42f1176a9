data "terraform_remote_state" "network" {
  backend = "s3"

  config = {
    bucket = "acme-staging-state"
    key    = "network/terraform.tfstate"
    region = "eu-central-1"
  }
}

module "orders" {
  source = "../../../modules/queue"

  name = "staging-orders"
}

resource "aws_vpc_endpoint" "queues" {
  vpc_id       = data.terraform_remote_state.network.outputs.vpc_id
  service_name = "com.amazonaws.eu-central-1.sqs"
}
